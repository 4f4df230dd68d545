import type { RequestRecording } from './request-recording.js';

const MOST_BODY_BYTES = 256 * 1024 * 1024;

export interface RequestLog {
  /** Oldest first. */
  readonly requests: readonly RequestRecording[];
  add(record: RequestRecording): void;
}

/** Keeps the latest requests: `most` of them, with bodies of together at most `mostBodyBytes` before the newest came. */
export function createRequestLog(most: number, mostBodyBytes = MOST_BODY_BYTES): RequestLog {
  const requests: RequestRecording[] = [];
  return {
    requests,
    add(record) {
      requests.push(record);
      let bytes = requests.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
      while (requests.length > most || bytes > mostBodyBytes) bytes -= requests.shift()?.bodyBytes ?? bytes;
    },
  };
}
