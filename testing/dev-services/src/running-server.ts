/** A server that this process started and owns. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dataDir: string;
  /** Resolves when the server is gone, with "code 1" or the signal's name; never rejects. */
  readonly exited: Promise<string>;
  /** Ends it in order and removes its folder if that is a temporary one. A second call does nothing more. */
  stop(): Promise<void>;
  /** SIGKILL, as a failing machine would; the data folder stays, so that it can be started again on it. */
  kill(): Promise<void>;
}
