import { delay, raw, status, write } from '../../upstream/upstream-step.js';
import type { Fault } from '../fault.js';
import { JSON_BODY, SSE } from '../lab-answer.js';
import { BROKEN_OFF, both, HARMLESS } from '../outlook.js';
import { beginning, bodyOf, head } from './parts.js';

const TEN_MEGABYTES = 10 * 1_024 * 1_024;

/** Answers that are whole, in a way that is easily misread. */
export const ODDITIES: readonly Fault[] = [
  {
    name: 'split-characters',
    title: 'the answer comes in pieces that end within a character',
    expected: both(HARMLESS),
    causes: [],
    primary: (scene) => {
      const bytes = Buffer.from(bodyOf(scene));
      const edges = ['ï', '–', '泥', '🌊'].map((character) => bytes.indexOf(character) + 1);
      const pieces = [...edges, bytes.length].map((edge, index) => bytes.subarray(edges[index - 1] ?? 0, edge));
      return [head(scene), ...pieces.flatMap((piece) => [write(piece), delay(20)])];
    },
  },
  {
    name: 'early-hints',
    title: 'a provisional answer (103) before the answer',
    expected: both(HARMLESS),
    causes: [],
    primary: (scene) => [
      raw('HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n'),
      head(scene),
      write(bodyOf(scene)),
    ],
  },
  {
    name: 'wrong-content-type',
    title: 'the answer with a content type that is not its own',
    expected: both(HARMLESS),
    causes: ['malformed'],
    primary: (scene) => [status(200, { 'content-type': 'text/plain' }), write(bodyOf(scene))],
  },
  {
    name: 'finish-twice',
    title: 'the finish reason comes twice',
    expected: { stream: HARMLESS },
    causes: [],
    primary: ({ answer }) => [
      status(200, SSE),
      ...[...answer.content, answer.proof[0] ?? '', ...answer.proof].map(write),
    ],
  },
  {
    name: 'content-after-end',
    title: 'more text after [DONE]',
    expected: { stream: HARMLESS },
    causes: [],
    primary: ({ answer }) => [status(200, SSE), ...[...answer.frames, ...answer.content].map(write)],
  },
  {
    name: 'usage-missing',
    title: 'an answer without usage',
    expected: both(HARMLESS),
    causes: [],
    primary: (scene) => [head(scene), write(bodyOf(scene).replace(/"usage":\{.*?\}\},?/, ''))],
  },
  {
    name: 'comments-between-frames',
    title: 'comments and blank lines between the frames',
    expected: { stream: HARMLESS },
    causes: [],
    primary: ({ answer }) => [
      status(200, SSE),
      ...answer.frames.map((frame) => write(`: PROCESSING\n\n\r\n\r\n${frame}`)),
    ],
  },
  {
    name: 'ten-megabyte-frame',
    title: 'a frame, or a whole body, with ten megabytes of something unknown in it',
    expected: both(HARMLESS),
    causes: ['malformed'],
    effort: 'heavy',
    primary: (scene) => {
      const padding = `{"x_padding":"${'x'.repeat(TEN_MEGABYTES)}",`;
      return [head(scene), write(bodyOf(scene).replace('{', () => padding))];
    },
  },
  {
    name: 'broken-characters',
    title: 'bytes in the text that are no UTF-8',
    expected: BROKEN_OFF,
    causes: ['malformed'],
    primary: (scene) => {
      const damaged = (text: string): Uint8Array => {
        const bytes = Buffer.from(text);
        const at = bytes.indexOf('泥');
        if (at >= 0) bytes[at + 1] = 0xff;
        return bytes;
      };
      if (scene.delivery === 'whole') return [status(200, JSON_BODY), write(damaged(bodyOf(scene)))];
      return [...beginning(scene, 3), ...scene.answer.frames.slice(4).map((frame) => write(damaged(frame)))];
    },
  },
];
