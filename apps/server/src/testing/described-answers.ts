import { Ajv2020 } from "ajv/dist/2020.js";

interface Described {
  readonly paths?: Record<string, Record<string, { readonly responses?: Record<string, unknown> }>>;
}

/** A `fetch` that fails for every answer that is not as the API's description says. */
export function describedAnswers(description: Record<string, unknown>) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(description, "api");
  const templates = Object.keys((description as Described).paths ?? {});
  let checked = 0;

  const check = async (request: Request, response: Response): Promise<void> => {
    const { pathname } = new URL(request.url);
    const template = templates.find((one) => new RegExp(`^${one.replace(/\{\w+\}/g, "[^/]+")}$`).test(pathname));
    const type = response.headers.get("content-type")?.split(";")[0] ?? "";
    const steps = ["paths", template ?? "", request.method.toLowerCase(), "responses", `${response.status}`];
    const pointer = [...steps, "content", type, "schema"].map((step) => step.replaceAll("/", "~1")).join("/");
    // By its address, so that each is compiled once.
    const validate = ajv.getSchema(`api#/${encodeURI(pointer)}`);
    if (validate === undefined) throw new Error(`${steps.join(" ")}: no such answer is described`);
    if (!validate(await response.json())) throw new Error(`${steps.join(" ")}: ${ajv.errorsText(validate.errors)}`);
    checked += 1;
  };

  return {
    fetch: async (request: Request): Promise<Response> => {
      const response = await fetch(request);
      await check(request, response.clone());
      return response;
    },
    /** How many answers were as described. */
    checked: () => checked,
  };
}
