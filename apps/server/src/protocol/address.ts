import { normalizeIP } from "@fastify/rate-limit";

/** Who is counted as one: an IPv4 address, also one that is written as IPv6, or an IPv6 network of 64 bits. */
export function addressOf(ip: string): string {
  return normalizeIP(ip, 64);
}
