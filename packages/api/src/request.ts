declare const answered: unique symbol;

/** One request to the server, and the type of its answer. */
export interface ApiRequest<Answer> {
  /** Path and query. */
  readonly path: string;
  /** A request with a body is a POST, one without is a GET. */
  readonly body?: object;
  readonly [answered]?: Answer;
}

type Query = Readonly<Record<string, string | number | null | undefined>>;

/** A GET; query parameters that are `null` or `undefined` are left out. */
export function get<Answer>(path: string, query: Query = {}): ApiRequest<Answer> {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value != null) parameters.set(name, String(value));
  const text = parameters.toString();
  return { path: text === "" ? path : `${path}?${text}` };
}

export function post<Answer>(path: string, body: object): ApiRequest<Answer> {
  return { path, body };
}
