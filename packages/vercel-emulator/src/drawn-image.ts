import { type ImageSize, pngImage } from './png-image.js';
import { fingerprint, seededRandom } from './random.js';

/** Pixels of the longer side. */
const LONGER_SIDE = 64;
const CELLS = 8;
const COLOURS = 4;
const DARKEST = 48;

/** The size of the picture for what was asked for: the same shape, but small. */
export function drawnSize(shape: string | undefined): ImageSize {
  const [, left = '', right = ''] = /^(\d{1,6})[x:](\d{1,6})$/i.exec(shape ?? '') ?? [];
  const [width, height] = [Number(left), Number(right)];
  const longer = Math.max(width, height);
  if (width === 0 || height === 0) return { width: LONGER_SIDE, height: LONGER_SIDE };
  const scaled = (side: number): number => Math.max(1, Math.round((side * LONGER_SIDE) / longer));
  return { width: scaled(width), height: scaled(height) };
}

/** A small pattern of coloured blocks, the same on both sides, as PNG. The same mark gives the same picture. */
export function drawImage(mark: string, size: ImageSize): Buffer {
  const random = seededRandom(fingerprint(mark));
  const shade = (): number => DARKEST + Math.floor(random() * (256 - DARKEST));
  const colours = Array.from({ length: COLOURS }, () => (shade() << 16) | (shade() << 8) | shade());
  const cells = Array.from({ length: CELLS * (CELLS / 2) }, () => Math.floor(random() * COLOURS));
  return pngImage(size, (x, y) => {
    const column = Math.floor((x * CELLS) / size.width);
    const row = Math.floor((y * CELLS) / size.height);
    const mirrored = Math.min(column, CELLS - 1 - column);
    return colours[cells[row * (CELLS / 2) + mirrored] ?? 0] ?? 0;
  });
}
