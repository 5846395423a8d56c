/** Names a write; also where the page was not loaded by HTTPS, which `randomUUID` asks for. */
export function newWriteId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
