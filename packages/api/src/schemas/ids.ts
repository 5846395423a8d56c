import { isCanonicalUuid, parseVersion, type Version, type WriteId } from "@turnkeep/core";
import * as z from "zod";

/** A user, who is a player of the same id. */
export const userIdSchema = z.string().refine(isCanonicalUuid, { error: "must be a lower-case UUID" });

/** Chosen by the client: the same write id again, in whatever request, is the same write. */
export const writeIdSchema = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, {
  error: "must have 8 to 64 characters of A-Z a-z 0-9 _ -",
}) satisfies z.ZodType<WriteId>;

/** An opaque text that the server gave out; it is checked in form only. */
export const versionSchema = z.string().transform((text, context): Version => {
  try {
    return parseVersion(text);
  } catch {
    context.addIssue({ code: "custom", message: 'must have the form "<lineage>.<revision>"' });
    return z.NEVER;
  }
});
