import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";

/** The page's own files and nothing else: no inline code, no frames, no other hosts. */
export async function addHeaders(app: FastifyInstance): Promise<void> {
  const self = ["'self'"];
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: self,
        styleSrc: self,
        imgSrc: self,
        connectSrc: self,
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Whether it is reached by HTTPS is known to the proxy in front of it.
    strictTransportSecurity: false,
    xFrameOptions: { action: "deny" },
  });
}
