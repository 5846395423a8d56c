import { isIPv4, isIPv6 } from "node:net";
import { Address6 } from "ip-address";

const withPort = [/^\[(.+)\](?::\d+)?$/, /^([\d.]+):\d+$/];

/**
 * What counts as one: an IPv4 address, also one that is written as IPv6, or an IPv6 network of 64 bits. Some proxies
 * add the port, which changes with each connection and counts for nothing. All that is no address counts as one.
 */
export function addressOf(ip: string): string {
  const bare = withPort.map((form) => form.exec(ip)?.[1]).find((found) => found !== undefined) ?? ip;
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return "unknown";
  const address = new Address6(bare);
  if (address.isMapped4()) return address.to4().correctForm();
  return new Address6(`${address.correctForm()}/64`).startAddress().correctForm();
}
