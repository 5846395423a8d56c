import { Command } from "ioredis";

/** A text from here on is copied as it is; shorter ones are joined first, since each write into a buffer costs. */
const longText = 512;

/**
 * A command that goes out as one buffer. The client would join all its arguments to one string, make that flat and
 * encode it again: three copies of each state, which are garbage then.
 */
export class PackedCommand extends Command {
  readonly #bytes: Buffer;

  /** @param keysFrom how many texts stand before the first key, by which a Cluster finds the node; there is one at least */
  constructor(name: string, texts: readonly string[], keysFrom: number) {
    super(name, [...texts.slice(0, keysFrom - 1), 1, texts[keysFrom] ?? ""], { replyEncoding: "utf8" });
    this.#bytes = packed([name, ...texts]);
  }

  override toWritable(): Buffer {
    return this.#bytes;
  }
}

/** These texts as the protocol of Redis has them. */
export function packed(texts: readonly string[]): Buffer {
  const pieces: string[] = [];
  let short = `*${texts.length}\r\n`;
  for (const text of texts) {
    short += `$${Buffer.byteLength(text)}\r\n`;
    if (text.length < longText) {
      short += `${text}\r\n`;
    } else {
      pieces.push(short, text);
      short = "\r\n";
    }
  }
  pieces.push(short);
  const lengths = pieces.map((piece) => Buffer.byteLength(piece));
  const bytes = Buffer.allocUnsafeSlow(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const [n, piece] of pieces.entries()) {
    // What is as long in bytes as in characters is ASCII, which is copied faster.
    at += bytes.write(piece, at, lengths[n] === piece.length ? "latin1" : "utf8");
  }
  return bytes;
}
