import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";

/**
 * The API to read and to try, at `/docs`: files of this server alone and no inline code. The page's icons are data URLs,
 * which only it may have.
 */
export async function addApiPage(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    uiConfig: { url: "/openapi.json", deepLinking: true, layout: "BaseLayout" },
    theme: { title: "Turnkeep game server: API" },
    transformStaticCSP: (policy) => policy.replace("img-src 'self'", "img-src 'self' data:"),
  });
}
