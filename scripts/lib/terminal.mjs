const terminal = process.stdout.isTTY === true && !process.env.CI;
const heartbeatMs = 10_000;
const frameMs = 120;
const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** @type {(code: number, text: string) => string} */
const paint = (code, text) => (terminal && !process.env.NO_COLOR ? `\u001b[${code}m${text}\u001b[0m` : text);

/** @param {string} text */
export const bold = (text) => paint(1, text);
/** @param {string} text */
export const dim = (text) => paint(2, text);

/** @param {number} since */
const elapsed = (since) => `${((Date.now() - since) / 1_000).toFixed(1)} s`;

/** @type {(mark: string, title: string, since: number, colour?: number) => string} */
const line = (mark, title, since, colour = 0) =>
  `${paint(colour, mark.padEnd(8))}${title.padEnd(44)} ${dim(elapsed(since).padStart(8))}`;

/**
 * One step, one line: what it is, how it ended, how long it took. On a terminal the line is alive
 * while the step runs; elsewhere a long step says from time to time that it goes on.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const since = Date.now();
  let frame = 0;
  const show = () => {
    if (terminal) process.stdout.write(`\r\u001b[K${line(frames[frame++ % frames.length] ?? "", title, since)}`);
    else console.log(line("…", title, since));
  };
  const timer = setInterval(show, terminal ? frameMs : heartbeatMs);
  const done = (/** @type {string} */ text) => {
    clearInterval(timer);
    console.log(terminal ? `\r\u001b[K${text}` : text);
  };
  try {
    const result = await work();
    done(line("ok", title, since, 32));
    return result;
  } catch (error) {
    done(line("FAILED", title, since, 31));
    throw error;
  }
}
