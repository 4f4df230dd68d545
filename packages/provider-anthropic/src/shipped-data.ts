/** Address of a file of this package's `data` folder. */
export const shippedFile = (name: string): URL => new URL(`../data/${name}`, import.meta.url);
