import type { JsonObject, StreamEvent } from '@headrace/core';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AnswerParts, type Part } from './answer-parts.js';
import { GatheredContent } from './gathered-content.js';

type Piece =
  | { readonly kind: 'text' | 'reasoning'; readonly text: string; readonly details?: readonly JsonObject[] }
  | { readonly kind: 'call'; readonly name: string }
  | { readonly kind: 'citation' | 'file' };

const eventsOf = (pieces: readonly Piece[]): StreamEvent[] => {
  const events = pieces.flatMap((piece, index): StreamEvent[] => {
    switch (piece.kind) {
      case 'text':
        return [{ type: 'text-delta', text: piece.text }];
      case 'reasoning':
        return [
          {
            type: 'reasoning-delta',
            text: piece.text,
            ...(piece.details === undefined ? {} : { details: piece.details }),
          },
        ];
      case 'call': {
        const { name } = piece;
        const id = `c${index}`;
        return [
          { type: 'tool-call-start', index, id, name },
          { type: 'tool-call-delta', index, argumentsJson: '{' },
          { type: 'tool-call-delta', index, argumentsJson: '}' },
          { type: 'tool-call-end', index, id, name, argumentsJson: '{}' },
        ];
      }
      case 'citation':
        return [{ type: 'citation', url: 'https://example.com/' }];
      case 'file':
        return [{ type: 'file', mediaType: 'image/png', source: { type: 'base64', data: 'AAAA' } }];
    }
  });
  return [
    { type: 'response-start', responseId: 'r', model: 'm' },
    ...events,
    { type: 'response-end', reason: 'stop', rawReason: 'stop' },
  ];
};

const partsOf = (events: readonly StreamEvent[]): Part[] => {
  const answer = new AnswerParts({ tools: new Set(['known']), documents: () => [], includeRaw: false });
  const parts: Part[] = [];
  for (const event of events) answer.take(event, parts);
  return parts;
};

const textOf = (pieces: readonly Piece[], kind: Piece['kind']): string =>
  pieces.map((piece) => (piece.kind === kind && 'text' in piece ? piece.text : '')).join('');

const anyPiece: fc.Arbitrary<Piece> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: fc.string({ maxLength: 3 }) }),
  fc.record({ kind: fc.constant('reasoning' as const), text: fc.string({ maxLength: 3 }) }),
  fc.record({
    kind: fc.constant('reasoning' as const),
    text: fc.string({ maxLength: 3 }),
    details: fc.array(fc.record({ type: fc.string() }), { maxLength: 2 }),
  }),
  fc.record({ kind: fc.constant('call' as const), name: fc.constantFrom('known', 'unknown') }),
  fc.record({ kind: fc.constantFrom('citation' as const, 'file' as const) }),
);

const examples: [Piece[]][] = [
  [[]],
  [
    [
      { kind: 'reasoning', text: 'a', details: [{ type: 'x' }] },
      { kind: 'text', text: 'b' },
      { kind: 'citation' },
      { kind: 'call', name: 'unknown' },
      { kind: 'text', text: 'c' },
      { kind: 'call', name: 'known' },
      { kind: 'reasoning', text: '', details: [] },
      { kind: 'file' },
    ],
  ],
];

describe('the parts of any answer', () => {
  it('open and close every block once, one at a time, and lose no text', () => {
    fc.assert(
      fc.property(fc.array(anyPiece, { maxLength: 12 }), (pieces) => {
        const seen = new Set<string>();
        let open: string | undefined;
        const texts = { text: '', reasoning: '' };
        for (const part of partsOf(eventsOf(pieces))) {
          const [, type, phase] = /^(text|reasoning)-(start|delta|end)$/.exec(part.type) ?? [];
          if (type !== undefined && 'id' in part && part.id !== undefined) {
            expect(open).toBe(phase === 'start' ? undefined : part.id);
            if (phase === 'start') expect(seen.has(part.id)).toBe(false);
            seen.add(part.id);
            open = phase === 'end' ? undefined : part.id;
            if ('delta' in part) texts[type as 'text'] += part.delta;
          } else if (part.type !== 'source') expect(open).toBeUndefined();
        }
        expect(open).toBeUndefined();
        expect(texts).toEqual({ text: textOf(pieces, 'text'), reasoning: textOf(pieces, 'reasoning') });
      }),
      { examples },
    );
  });

  it('tell every call once, its input joined from its pieces', () => {
    fc.assert(
      fc.property(fc.array(anyPiece, { maxLength: 12 }), (pieces) => {
        const inputs = new Map<string, string>();
        const calls: string[] = [];
        for (const part of partsOf(eventsOf(pieces))) {
          if (part.type === 'tool-input-start') inputs.set(part.id, '');
          else if (part.type === 'tool-input-delta') inputs.set(part.id, `${inputs.get(part.id)}${part.delta}`);
          else if (part.type === 'tool-call') {
            calls.push(part.toolCallId);
            expect(inputs.get(part.toolCallId)).toBe(part.input);
          }
        }
        expect(calls.toSorted()).toEqual(
          pieces.flatMap(({ kind }, at) => (kind === 'call' ? [`c${at}`] : [])).toSorted(),
        );
      }),
      { examples },
    );
  });

  it('hold the newest opaque items of the reasoning, once and last', () => {
    fc.assert(
      fc.property(fc.array(anyPiece, { maxLength: 12 }), (pieces) => {
        const gathered = new GatheredContent();
        for (const part of partsOf(eventsOf(pieces))) gathered.take(part);
        const details = pieces.findLast((piece) => 'details' in piece && piece.details !== undefined);
        const traces = gathered.content.filter(({ type }) => type === 'custom');
        if (details === undefined || !('details' in details)) expect(traces).toEqual([]);
        else {
          expect(traces).toMatchObject([{ providerMetadata: { headrace: { details: details.details } } }]);
          expect(gathered.content.at(-1)).toBe(traces[0]);
        }
      }),
      { examples },
    );
  });
});
