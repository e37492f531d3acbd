export { type DirectoryOptions, fromDirectory } from "./directory.js";
export { type DirectoryHandleOptions, fromDirectoryHandle } from "./directory-handle.js";
export { fromDataTransfer } from "./dropped.js";
export { fromEntries } from "./entries.js";
export { fromFile, fromFileList } from "./file-list.js";
export { fromUrls, type RemoteFile } from "./urls.js";
