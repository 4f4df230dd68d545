import { randomBytes } from 'node:crypto';

/** One field of a form. */
export type FormField =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly filename: string; readonly mediaType: string; readonly bytes: Uint8Array };

/** A form as HTTP carries it. */
export interface MultipartBody {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** As browsers write names that HTTP cannot carry: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
const quoted = (text: string): string => `"${text.replace(/\r\n|\r|\n/g, '%0D%0A').replace(/"/g, '%22')}"`;

const head = (field: FormField): string => {
  const name = `Content-Disposition: form-data; name=${quoted(field.name)}`;
  if ('value' in field) return `${name}\r\n\r\n`;
  return `${name}; filename=${quoted(field.filename)}\r\nContent-Type: ${field.mediaType}\r\n\r\n`;
};

/**
 * Writes fields as `multipart/form-data` (RFC 7578), in their order; several may have one name. The boundary is random,
 * so that no file can hold it but by guessing.
 */
export const multipartBody = (fields: readonly FormField[]): MultipartBody => {
  const boundary = `form-${randomBytes(24).toString('hex')}`;
  const parts = fields.flatMap((field) => [
    Buffer.from(`--${boundary}\r\n${head(field)}`),
    'value' in field ? Buffer.from(field.value) : field.bytes,
    Buffer.from('\r\n'),
  ]);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
  };
};
