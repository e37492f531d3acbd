// biome-ignore-all lint/suspicious/noEmptyInterface: each is merged with the one of the `dom` library, where that is
// Names of platforms that the public types mention. Where TypeScript's `dom` library is there, it says what they are;
// where it is not, as in many projects for Node, the types that mention them would not compile without these.
interface DataTransfer {}
interface DataTransferItem {}
interface FileSystemDirectoryHandle {}
interface FileSystemHandle {}
interface Worker {}
declare namespace WebAssembly {
  interface Memory {}
  interface Module {}
  interface Table {}
}
