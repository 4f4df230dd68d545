/** A file in a form. */
export interface FormFile {
  readonly filename: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

const PROTOTYPE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

export const isForm = (contentType: string): boolean => /^multipart\/form-data\s*;/i.test(contentType);

/** The fields of a form, in arrays where a name is repeated. Undefined when the bytes are no form. */
export async function parseForm(
  bytes: Buffer,
  contentType: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const fields = new Map<string, (string | FormFile)[]>();
  try {
    const headers = { 'content-type': contentType };
    for (const [name, value] of await new Response(new Uint8Array(bytes), { headers }).formData()) {
      if (PROTOTYPE_KEYS.has(name)) continue;
      const field =
        typeof value === 'string'
          ? value
          : { filename: value.name, mediaType: value.type, bytes: Buffer.from(await value.arrayBuffer()) };
      fields.set(name, [...(fields.get(name) ?? []), field]);
    }
  } catch {
    return undefined;
  }
  return Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}
