/** Bytes are read and hashed in blocks of this size: smaller ones cost more, larger ones only memory. */
export const BLOCK = 1024 * 1024;
