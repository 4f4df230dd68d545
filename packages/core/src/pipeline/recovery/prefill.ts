import type { AssistantMessage, Message } from '../../contract/message.js';
import type { CompletionRequest } from '../../contract/request.js';

const LONE_HIGH_SURROGATE = /[\uD800-\uDBFF]$/;

/** The delivered text without white space at its end, and that white space: upstreams refuse a prefill that ends with it. */
export const splitPrefill = (delivered: string): { readonly prefill: string; readonly space: string } => {
  const prefill = delivered.trimEnd();
  return { prefill, space: delivered.slice(prefill.length) };
};

/** The caller's own prefill, if its conversation ends with one, and what the model made of it: one message. */
const joined = (own: AssistantMessage, prefill: string): AssistantMessage => {
  const { content } = own;
  if (typeof content === 'string') return { ...own, content: content + prefill };
  const last = content.at(-1);
  if (last?.type !== 'text') return { ...own, content: [...content, { type: 'text', text: prefill }] };
  return { ...own, content: [...content.slice(0, -1), { ...last, text: last.text + prefill }] };
};

/**
 * The request with the delivered text as the beginning of the answer. Undefined where that cannot be asked for: there is
 * nothing but white space, a character is half delivered, or a form of the output is asked for, which models keep to only
 * from its beginning.
 */
export const prefilledRequest = (request: CompletionRequest, delivered: string): CompletionRequest | undefined => {
  const { prefill } = splitPrefill(delivered);
  if (prefill === '' || LONE_HIGH_SURROGATE.test(prefill) || request.outputFormat !== undefined) return undefined;
  const last = request.messages.at(-1);
  const messages: readonly Message[] =
    last?.role === 'assistant'
      ? [...request.messages.slice(0, -1), joined(last, prefill)]
      : [...request.messages, { role: 'assistant', content: prefill }];
  return { ...request, messages };
};

const textOf = ({ content }: AssistantMessage): string =>
  typeof content === 'string' ? content : content.map((part) => (part.type === 'text' ? part.text : '')).join('');

/** What an answer begins with that goes on from no prefill: the delivered text, or the caller's own prefill and that. */
export const beginningsOf = ({ messages }: CompletionRequest, delivered: string): readonly string[] => {
  const last = messages.at(-1);
  const own = last?.role === 'assistant' ? textOf(last) : '';
  return own === '' ? [delivered] : [delivered, own + delivered];
};
