/** Address of a file of this package's `data` folder. Here, since bundled modules lie beside one another. */
export const shippedFile = (name: string): URL => new URL(`../data/${name}`, import.meta.url);
