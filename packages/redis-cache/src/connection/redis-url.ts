/** Where Redis is, as a URL says it. */
export type RedisPlace =
  | { readonly kind: "single"; readonly url: string }
  | ({ readonly kind: "sentinel"; readonly name: string } & GroupPlace)
  | ({ readonly kind: "cluster" } & GroupPlace);

interface GroupPlace {
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly username?: string;
  readonly password?: string;
  readonly tls: boolean;
}

const group =
  /^redis(?<tls>s?)-(?<kind>sentinel|cluster):\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<nodes>[^/?#@\s]+)(?:\/(?<name>[^/?#\s]*))?$/;
const node = /^(?<host>\[[0-9a-fA-F:.]+\]|[^:[\]]+)(?::(?<port>\d{1,5}))?$/;
const defaultPorts = { sentinel: 26_379, cluster: 6_379 };

/**
 * Reads `redis://…` and `rediss://…` as ioredis does; `redis-sentinel://user:password@host:port,host:port/name`, where the
 * hosts are Sentinels and user and password the servers' own; and `redis-cluster://user:password@host:port,host:port`.
 * `null` for anything else. With `rediss-` in front all connections are encrypted.
 */
export function parseRedisUrl(url: string): RedisPlace | null {
  if (/^rediss?:\/\/[^/?#]/.test(url)) return URL.canParse(url) ? { kind: "single", url } : null;
  const parts = group.exec(url)?.groups;
  if (parts === undefined) return null;
  const kind = parts.kind as "sentinel" | "cluster";
  const nodes = (parts.nodes ?? "").split(",").map((text) => readNode(text, defaultPorts[kind]));
  const known = nodes.filter((each) => each !== null);
  if (known.length < nodes.length) return null;
  const place = {
    nodes: known,
    tls: parts.tls === "s",
    ...(parts.user ? { username: decodeURIComponent(parts.user) } : {}),
    ...(parts.password ? { password: decodeURIComponent(parts.password) } : {}),
  };
  if (kind === "cluster") return parts.name ? null : { kind, ...place };
  return parts.name ? { kind, name: decodeURIComponent(parts.name), ...place } : null;
}

function readNode(text: string, defaultPort: number) {
  const parts = node.exec(text)?.groups;
  const port = Number(parts?.port ?? defaultPort);
  if (parts?.host === undefined || port < 1 || port > 65_535) return null;
  return { host: parts.host.replace(/^\[|\]$/g, ""), port };
}
