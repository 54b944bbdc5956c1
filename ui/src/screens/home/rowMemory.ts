import type { Title } from '../../api/types';

/** Which card of which row had the focus; rows come and go on screen, the memory stays. */
const cardByRow = new Map<string, number>();
let lastRow: string | null = null;

export const rowMemory = {
  note(slug: string, index: number): void {
    cardByRow.set(slug, index);
    lastRow = slug;
  },
  cardOf(slug: string, count: number): number {
    return Math.min(cardByRow.get(slug) ?? 0, Math.max(0, count - 1));
  },
  lastRow: (): string | null => lastRow,
};

export const rowName = (slug: string) => `row-${slug}`;

/** Films and shows are numbered apart. */
export const titleKey = ({ kind, id }: Pick<Title, 'kind' | 'id'>) => `${kind}-${id}`;
export const cardName = (slug: string, title: Title) => `card-${slug}-${titleKey(title)}`;
