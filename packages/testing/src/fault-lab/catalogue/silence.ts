import { hang } from '../../script/answer-step.js';
import { delay, drip, raw, repeat, write } from '../../upstream/upstream-step.js';
import type { Fault } from '../fault.js';
import { BROKEN_OFF, both, NEEDS_FALLBACK, NEEDS_RECOVERY } from '../outlook.js';
import { beginning, bodyOf, firstFrames, head } from './parts.js';

/** An upstream that takes its time, or for ever. */
export const SILENCE: readonly Fault[] = [
  {
    name: 'silence-before-headers',
    title: 'the request is taken and nothing comes',
    expected: both(NEEDS_FALLBACK),
    causes: ['silence'],
    effort: 'waiting',
    primary: () => [hang()],
  },
  {
    name: 'slow-headers',
    title: 'the headers come at ten bytes a second',
    expected: both(NEEDS_FALLBACK),
    causes: ['silence'],
    effort: 'waiting',
    primary: () => [raw('HTTP/1.1 200 OK\r\n'), ...Array.from({ length: 600 }, () => [raw('x'), delay(100)]).flat()],
  },
  {
    name: 'silence-after-headers',
    title: 'headers, and then nothing',
    expected: both(NEEDS_FALLBACK),
    causes: ['silence'],
    effort: 'waiting',
    primary: (scene) => [head(scene), hang()],
  },
  {
    name: 'keep-alives-only',
    title: 'comments that keep the stream alive, or blanks before a whole answer, for ever',
    expected: both(NEEDS_FALLBACK),
    causes: ['silence'],
    effort: 'waiting',
    primary: (scene) => [head(scene), repeat(scene.delivery === 'stream' ? ': keep-alive\n\n' : '\n', 50)],
  },
  {
    name: 'endless-empty-frames',
    title: 'frames without content, for ever',
    expected: { stream: NEEDS_FALLBACK },
    causes: ['silence'],
    effort: 'waiting',
    primary: (scene) => [head(scene), repeat(firstFrames(scene, 0).join(''), 5)],
  },
  {
    name: 'late-first-token',
    title: 'the first token after five seconds',
    expected: { stream: NEEDS_FALLBACK },
    causes: ['silence'],
    effort: 'waiting',
    primary: (scene) => [
      head(scene),
      ...firstFrames(scene, 0).map(write),
      delay(5_000),
      ...scene.answer.frames.slice(1).map(write),
    ],
  },
  {
    name: 'stall',
    title: 'part of the answer, and then nothing',
    expected: BROKEN_OFF,
    causes: ['silence'],
    effort: 'waiting',
    primary: (scene) => [...beginning(scene, 3), hang()],
  },
  {
    name: 'one-byte-a-second',
    title: 'one byte a second, from the first one on',
    expected: both(NEEDS_FALLBACK),
    causes: ['silence'],
    effort: 'waiting',
    primary: (scene) => [head(scene), drip(bodyOf(scene), 1_000)],
  },
  {
    name: 'one-byte-a-second-later',
    title: 'part of the answer, and then one byte a second',
    expected: { stream: NEEDS_RECOVERY },
    causes: ['silence'],
    effort: 'waiting',
    primary: (scene) => [...beginning(scene, 3), drip(scene.answer.frames.slice(4).join(''), 1_000)],
  },
];
