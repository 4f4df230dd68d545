/** The bytes of base64 text; undefined when it is empty or no base64 (RFC 4648 sections 4 and 5). */
export const base64Bytes = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64');
  // Node skips what does not belong there, and then gives fewer bytes than the text stands for.
  const characters = text.length - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
  const isWhole = characters % 4 !== 1 && bytes.length === Math.floor((characters * 3) / 4);
  return isWhole && bytes.length > 0 ? bytes : undefined;
};
