import type { RecordedRequest } from '@headrace/vercel-emulator';
import { duration } from './figures.js';
import type { Paint } from './paint.js';
import { safeTerminalText } from './safe-terminal-text.js';

/** The native protocol of the AI SDK names the model in a header. */
const MODEL_HEADERS = ['ai-language-model-id', 'ai-model-id'] as const;
const LONGEST = 120;

const shown = (text: string): string => {
  const safe = safeTerminalText(text).replace(/\s+/g, ' ');
  return safe.length > LONGEST ? `${safe.slice(0, LONGEST - 1)}…` : safe;
};

const modelOf = ({ body, headers }: RecordedRequest): string => {
  const named = typeof body === 'object' && body !== null && 'model' in body ? body.model : undefined;
  if (typeof named === 'string') return named;
  for (const name of MODEL_HEADERS) {
    const value = headers[name];
    if (value !== undefined) return value;
  }
  return '-';
};

const statusText = ({ status, closedEarly }: RecordedRequest, paint: Paint): string => {
  const number = status === undefined ? '---' : String(status);
  const painted = status !== undefined && status < 400 && !closedEarly ? paint.green(number) : paint.red(number);
  return closedEarly ? `${painted} (client left)` : painted;
};

/** Method, path, model, status and time of one request. Nothing else of it is shown: no query, header or prompt. */
export const requestLine = (request: RecordedRequest, paint: Paint): string =>
  [
    request.method.padEnd(4),
    shown(request.path),
    shown(modelOf(request)),
    statusText(request, paint),
    paint.dim(duration(request.durationMs ?? 0)),
  ].join('  ');
