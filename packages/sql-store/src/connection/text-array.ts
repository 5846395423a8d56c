const textOid = 25;
const headerBytes = 20;

/**
 * A `text[]` parameter in Postgres's binary form. States and log entries travel this way: as text, each quote in them
 * would be escaped twice, on both sides.
 */
export function binaryTextArray(texts: readonly string[]): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const buffer = Buffer.allocUnsafe(lengths.reduce((bytes, length) => bytes + 4 + length, headerBytes));
  buffer.writeInt32BE(1, 0); // dimensions
  buffer.writeInt32BE(0, 4); // no nulls
  buffer.writeInt32BE(textOid, 8);
  buffer.writeInt32BE(texts.length, 12);
  buffer.writeInt32BE(1, 16); // lower bound
  let offset = headerBytes;
  texts.forEach((text, index) => {
    offset = buffer.writeInt32BE(lengths[index] ?? 0, offset);
    offset += buffer.write(text, offset);
  });
  return buffer;
}
