import { gzipSync } from 'node:zlib';
import { wait } from '../../script/answer-step.js';
import { status, type UpstreamStep, write } from '../../upstream/upstream-step.js';
import type { Fault, Scene } from '../fault.js';
import { BROKEN_OFF, both, HARMLESS, NEEDS_FALLBACK } from '../outlook.js';
import { bodyOf, firstFrames, halfReply, headersOf } from './parts.js';

const BOMB_PARTS = 10;
const BOMB_PART_BYTES = 32 * 1_024 * 1_024;

const packed = (scene: Scene, bytes: Uint8Array): readonly UpstreamStep[] => [
  status(200, { ...headersOf(scene), 'content-encoding': 'gzip' }),
  write(bytes),
];

let bomb: Uint8Array | undefined;
/** 320 MiB in 310 KiB, of several parts, as gzip allows: made in a fraction of the time. */
const gzipBomb = (): Uint8Array => {
  bomb ??= Buffer.concat(Array<Uint8Array>(BOMB_PARTS).fill(gzipSync(Buffer.alloc(BOMB_PART_BYTES, 'a'))));
  return bomb;
};

/** Packed answers. */
export const PACKED: readonly Fault[] = [
  {
    name: 'gzip',
    title: 'an answer in gzip',
    expected: both(HARMLESS),
    causes: [],
    primary: (scene) => packed(scene, gzipSync(bodyOf(scene))),
  },
  {
    name: 'gzip-cut',
    title: 'an answer in gzip that stops in the middle, in a body that ends well',
    expected: BROKEN_OFF,
    causes: ['truncated', 'malformed'],
    primary: (scene) => {
      const part = scene.delivery === 'stream' ? firstFrames(scene, 3).join('') : halfReply(scene);
      const bytes = gzipSync(part);
      const shown = scene.delivery === 'stream' ? [wait(scene.seen(scene.answer.begin(3).length))] : [];
      // The trailer is missing, which proves the length.
      return [...packed(scene, bytes.subarray(0, -8)), ...shown];
    },
  },
  {
    name: 'gzip-bomb',
    title: 'a packed body that is a thousand times as long unpacked',
    expected: both(NEEDS_FALLBACK),
    causes: ['malformed', 'silence'],
    effort: 'heavy',
    primary: (scene) => packed(scene, gzipBomb()),
  },
  {
    name: 'unknown-encoding',
    title: 'an answer in an encoding that nobody asked for',
    expected: both(NEEDS_FALLBACK),
    causes: ['malformed'],
    primary: (scene) => [status(200, { ...headersOf(scene), 'content-encoding': 'x-lab' }), write(bodyOf(scene))],
  },
];
