import { createHash } from 'node:crypto';

/** One item of `reasoning_details`. */
export type ReasoningDetail = Readonly<Record<string, string | number>>;

/** How a maker's models report their reasoning. */
export interface ReasoningFormat {
  /** The item for one piece of text. */
  piece(text: string): ReasoningDetail;
  /** The item that closes the reasoning, if there is one: a signature, or the encrypted form. */
  closing(text: string): ReasoningDetail | undefined;
  /** All of it at once, for a whole reply. */
  whole(text: string): readonly ReasoningDetail[];
}

const sealed = (text: string, name: string): string => createHash('sha256').update(`${name} ${text}`).digest('base64');

const anthropic: ReasoningFormat = {
  piece: (text) => ({ type: 'reasoning.text', text, format: 'anthropic-claude-v1', index: 0 }),
  closing: (text) => ({
    type: 'reasoning.text',
    text: '',
    signature: sealed(text, 'signature'),
    format: 'anthropic-claude-v1',
    index: 0,
  }),
  whole: (text) => [
    { type: 'reasoning.text', text, signature: sealed(text, 'signature'), format: 'anthropic-claude-v1', index: 0 },
  ],
};

const openai: ReasoningFormat = {
  piece: (text) => ({ type: 'reasoning.summary', summary: text, format: 'openai-responses-v1', index: 0 }),
  closing: (text) => ({
    type: 'reasoning.encrypted',
    data: sealed(text, 'encrypted'),
    id: `rs_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`,
    format: 'openai-responses-v1',
    index: 1,
  }),
  whole(text) {
    const encrypted = openai.closing(text);
    return encrypted === undefined ? [openai.piece(text)] : [openai.piece(text), encrypted];
  },
};

const others: ReasoningFormat = {
  piece: (text) => ({ type: 'reasoning.text', text, format: 'unknown', index: 0 }),
  closing: () => undefined,
  whole: (text) => [others.piece(text)],
};

export function reasoningFormat(creator: string): ReasoningFormat {
  if (creator === 'anthropic') return anthropic;
  return creator === 'openai' ? openai : others;
}
