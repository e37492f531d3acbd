/** The least budget of memory that hashing can keep: what a worker needs to be of use. */
export const LEAST_BUDGET = 16 * 1024 * 1024;
