import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const EIGHT_BIT_RGB = [8, 2, 0, 0, 0];
/** Where the header chunk has width and height. */
const WIDTH_AT = 16;
const HEIGHT_AT = 20;

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

export interface ImageSize {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** A valid PNG. @param colourAt 24 bits, red first, of the pixel in column `x` of row `y` */
export function pngImage({ width, height }: ImageSize, colourAt: (x: number, y: number) => number): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Each row starts with the number of its filter, which is none.
  const rows = Buffer.alloc(height * (1 + width * 3));
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    at += 1;
    for (let x = 0; x < width; x += 1) {
      rows.writeUIntBE(colourAt(x, y) & 0xffffff, at, 3);
      at += 3;
    }
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', Buffer.concat([header, Buffer.from(EIGHT_BIT_RGB)])),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A valid PNG of 8 by 8 pixels in one colour, as a data URL. @param colour 24 bits, red first */
export function pngDataUrl(colour: number): string {
  return `data:image/png;base64,${pngImage({ width: 8, height: 8 }, () => colour).toString('base64')}`;
}

/** Of a PNG, from its header; undefined when the bytes are no PNG. */
export function pngSize(bytes: Buffer): ImageSize | undefined {
  if (bytes.length < HEIGHT_AT + 4 || !bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return undefined;
  return { width: bytes.readUInt32BE(WIDTH_AT), height: bytes.readUInt32BE(HEIGHT_AT) };
}
