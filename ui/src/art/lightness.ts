/** So many points of a picture are enough to tell. */
const sample = { width: 40, height: 20 };
/** Luminance that stands out 3:1 from the base colour, as large letters must (WCAG 2.2, 1.4.3). */
const leastLuminance = 0.112;

/** Whether lettering on nothing can be read on the dark of our pages; black letters cannot. */
export function isReadableOnDark(image: HTMLImageElement): boolean {
  const canvas = document.createElement('canvas');
  canvas.width = sample.width;
  canvas.height = sample.height;
  const context = canvas.getContext('2d');
  if (!context) return true;
  context.drawImage(image, 0, 0, sample.width, sample.height);
  return (
    luminanceOf(context.getImageData(0, 0, sample.width, sample.height).data) >= leastLuminance
  );
}

/** Mean relative luminance of what is not transparent, from 0 to 1, of pixels as red, green, blue, alpha. */
export function luminanceOf(pixels: ArrayLike<number>): number {
  let sum = 0;
  let weight = 0;
  for (let at = 0; at + 3 < pixels.length; at += 4) {
    const [red, green, blue] = [0, 1, 2].map(channel => linear((pixels[at + channel] ?? 0) / 255));
    const alpha = (pixels[at + 3] ?? 0) / 255;
    sum += alpha * (0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0));
    weight += alpha;
  }
  return weight === 0 ? 0 : sum / weight;
}

const linear = (value: number) =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
