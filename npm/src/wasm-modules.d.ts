declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "#roots/github" {
  const json: string;
  export default json;
}
declare module "#roots/staging" {
  const json: string;
  export default json;
}
declare module "#roots/tuf-production" {
  const json: string;
  export default json;
}
declare module "#roots/tuf-staging" {
  const json: string;
  export default json;
}
declare module "#roots/tuf-github" {
  const json: string;
  export default json;
}
