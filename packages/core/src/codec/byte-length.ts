/** Length of the text in bytes of UTF-8: by Node's counter where there is one, else by the encoder of the browser. */
export function utf8ByteLength(text: string): number {
  return typeof Buffer === "function" ? Buffer.byteLength(text, "utf8") : new TextEncoder().encode(text).length;
}
