import { QueryTypes } from "sequelize";
import type { SqlStore } from "../store.js";

/*
 * The schema as the catalogues have it, one line a thing. Left out is what differs between servers without meaning
 * anything: how columns are compressed, and the constraints that newer ones keep for NOT NULL.
 */
const lines = `
  WITH rel AS (
    SELECT c.* FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1
  )
  SELECT format('table %s%s', relname, ' with (' || array_to_string(reloptions, ', ') || ')') AS line
    FROM rel WHERE relkind = 'r'
  UNION ALL
  SELECT format('table %s with toast (%s)', rel.relname, array_to_string(t.reloptions, ', '))
    FROM rel JOIN pg_class t ON t.oid = rel.reltoastrelid WHERE t.reloptions IS NOT NULL
  UNION ALL
  SELECT format('column %s.%s %s %s%s%s', relname, lpad(attnum::text, 2, '0'), attname, format_type(atttypid, atttypmod),
      CASE WHEN attnotnull THEN ' not null' END, ' default ' || pg_get_expr(d.adbin, d.adrelid))
    FROM rel JOIN pg_attribute a ON a.attrelid = rel.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = rel.oid AND d.adnum = attnum WHERE relkind = 'r'
  UNION ALL
  SELECT format('constraint %s %s %s', relname, conname, pg_get_constraintdef(k.oid))
    FROM rel JOIN pg_constraint k ON k.conrelid = rel.oid AND contype <> 'n'
  UNION ALL
  SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = $1
  UNION ALL
  SELECT format('trigger %s', pg_get_triggerdef(g.oid)) FROM rel JOIN pg_trigger g ON g.tgrelid = rel.oid AND NOT tgisinternal
  UNION ALL
  SELECT format('sequence %s %s min %s step %s cache %s cycle %s',
      sequencename, data_type, min_value, increment_by, cache_size, cycle)
    FROM pg_sequences WHERE schemaname = $1`;

/** The tables, columns, constraints, indexes, triggers and sequences of a store's schema, as sorted text. */
export async function describeSchema({ sequelize, models }: SqlStore): Promise<string> {
  const { schema } = models.ActiveGame.getTableName() as unknown as { schema: string };
  const rows = await sequelize.query<{ line: string }>(lines, { bind: [schema], type: QueryTypes.SELECT });
  const text = rows.map(({ line }) => line.replaceAll(schema, "turnkeep")).sort();
  return `${text.join("\n")}\n`;
}
