import type { SharedV4Warning } from '@ai-sdk/provider';
import type { Warning } from '@headrace/core';

/** A warning of the gateway in the AI SDK's form. What concerns no field of the request keeps its code in its message. */
export const warningOf = ({ code, message, field }: Warning): SharedV4Warning => {
  if (field === undefined) return { type: 'other', message: `${message} (${code})` };
  const type = code.endsWith('-dropped') ? 'unsupported' : 'compatibility';
  return { type, feature: field, details: `${message} (${code})` };
};
