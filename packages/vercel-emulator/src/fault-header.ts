import { z } from 'zod';
import { invalidRequest } from './api-error.js';
import { type AppliedFault, faultSchema } from './fault.js';

/** The request header by which a client asks for a fault of its own request. */
export const FAULT_HEADER = 'x-emulator-fault';

const LISTS = new Set(['sizes']);

function compactValue(key: string, text: string): unknown {
  if (LISTS.has(key)) return text.split(',').map(Number);
  if (key === 'type' || key === 'text' || key === 'provider' || key === 'path' || key === 'at') return text;
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** `kind; key=value; key=value`, where keys of `status` that are no members of it are response headers. */
function parseCompact(text: string): unknown {
  const [kind = '', ...pairs] = text.split(';').map((piece) => piece.trim());
  const members = new Map<string, unknown>();
  const headers = new Map<string, string>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const key = (equals < 0 ? pair : pair.slice(0, equals)).trim();
    const value = equals < 0 ? 'true' : pair.slice(equals + 1).trim();
    if (kind === 'status' && !['status', 'type', 'body', 'times', 'path'].includes(key)) headers.set(key, value);
    else members.set(key, compactValue(key, value));
  }
  return {
    kind,
    ...Object.fromEntries(members),
    ...(headers.size === 0 ? {} : { headers: Object.fromEntries(headers) }),
  };
}

function parseForm(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text.split('|').map(parseCompact);
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError('a fault is JSON or the compact form, such as `status; status=429; retry-after=2`');
  }
}

const KINDS: ReadonlySet<unknown> = new Set(faultSchema.options.map(({ shape }) => shape.kind.value));

function checkKind(fault: unknown): void {
  if (typeof fault !== 'object' || fault === null || !('kind' in fault) || KINDS.has(fault.kind)) return;
  throw new TypeError(`there is no fault ${JSON.stringify(fault.kind)}; there are ${[...KINDS].join(', ')}`);
}

/**
 * Reads faults for one request: one as JSON, an array of them, or the compact form `cut; afterFrames=3` (several:
 * `delay; at=headers; ms=200 | status; status=429; retry-after=2`).
 * @throws TypeError that says what is wrong
 */
export function parseFaults(text: string): readonly AppliedFault[] {
  const form = parseForm(text);
  const faults: readonly unknown[] = Array.isArray(form) ? form : [form];
  faults.forEach(checkKind);
  const parsed = z.array(faultSchema).safeParse(faults);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const member = issue?.path.slice(1).join('.') ?? '';
  throw new TypeError(`${member === '' ? '' : `${member}: `}${issue?.message ?? 'Invalid input'}`);
}

/**
 * Reads the header.
 * @throws ApiError with status 400 that names the header
 */
export function parseFaultHeader(text: string): readonly AppliedFault[] {
  try {
    return parseFaults(text);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw invalidRequest(`Invalid input: ${FAULT_HEADER}: ${error.message}`, FAULT_HEADER);
  }
}
