import { ArrowDownWideNarrow, Check, ChevronDown } from 'lucide-react';
import { useHistoryState } from 'wouter/use-browser-location';
import { useGenres } from '../../api/catalogQueries';
import { closeOverlayThen, openOverlay, overlayOf } from '../../app/history';
import { formatRuntime } from '../../format/time';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { useFocusTarget } from '../../input/useFocusTarget';
import { type Choice, ChoiceSheet } from './ChoiceSheet';
import css from './FilterBar.module.css';
import {
  type Filters,
  lengths,
  ratings,
  sorts,
  writeYears,
  type Years,
  yearChoices,
} from './filters';

interface FilterBarProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

interface Filter {
  name: string;
  heading: string;
  /** How it is set, in the chip's few words; null when it is not. */
  value: string | null;
  columns: 1 | 2;
  choices: Choice[];
}

export const filterBarName = 'filters';
const sortName = 'filter-sort';

/** A chip for each filter. Its choices open in a sheet. */
export function FilterBar({ filters, onChange }: FilterBarProps) {
  const all = useFilters(filters);
  const overlay = overlayOf(useHistoryState());
  const open = all.find(filter => filter.name === overlay);
  return (
    <>
      <FocusGroup name={filterBarName} role="group" label={t('browse.filters')} className={css.bar}>
        {all.map(({ name, heading, value }) => (
          <Chip
            key={name}
            name={name}
            label={value ?? heading}
            description={value === null ? undefined : `${heading}: ${value}`}
            isOn={value !== null && name !== sortName}
            isOrder={name === sortName}
            onClick={() => openOverlay(name)}
          />
        ))}
        {filters.kind === 'movie' && <AvailableChip filters={filters} onChange={onChange} />}
      </FocusGroup>
      {open && (
        <ChoiceSheet
          name={open.name}
          heading={open.heading}
          columns={open.columns}
          choices={open.choices}
          onChoose={set => closeOverlayThen(() => onChange({ ...filters, ...set }))}
        />
      )}
    </>
  );
}

function AvailableChip({ filters, onChange }: FilterBarProps) {
  const { isAvailable } = filters;
  return (
    <Chip
      name="filter-available"
      label={t('browse.available')}
      isOn={isAvailable}
      isToggle
      onClick={() => onChange({ ...filters, isAvailable: !isAvailable })}
    />
  );
}

function useFilters(filters: Filters): Filter[] {
  const genres = useGenres().data ?? [];
  const { genre, years, rating, maxMinutes, sort } = filters;
  const any: Omit<Choice, 'set' | 'isCurrent'> = { value: 'any', label: t('browse.any') };
  const yearsKey = years && writeYears(years);

  const all: Filter[] = [
    {
      name: 'filter-genre',
      heading: t('browse.genre'),
      value: genre === null ? null : (genres.find(({ id }) => id === genre)?.name ?? '…'),
      columns: 2,
      choices: [
        { ...any, set: { genre: null }, isCurrent: genre === null },
        ...genres.map(({ id, name }) => ({
          value: String(id),
          label: name,
          set: { genre: id },
          isCurrent: genre === id,
        })),
      ],
    },
    {
      name: 'filter-year',
      heading: t('browse.year'),
      value: years && yearsLabel(years),
      columns: 2,
      choices: [
        { ...any, set: { years: null }, isCurrent: years === null },
        ...yearChoices(new Date().getFullYear()).map(each => ({
          value: writeYears(each),
          label: yearsLabel(each),
          set: { years: each },
          isCurrent: yearsKey === writeYears(each),
        })),
      ],
    },
    {
      name: 'filter-rating',
      heading: t('browse.rating'),
      value: rating === null ? null : t('browse.ratingFrom', { rating }),
      columns: 1,
      choices: [
        { ...any, set: { rating: null }, isCurrent: rating === null },
        ...ratings.map(each => ({
          value: String(each),
          label: t('browse.ratingFrom', { rating: each }),
          set: { rating: each },
          isCurrent: rating === each,
        })),
      ],
    },
    {
      name: 'filter-length',
      heading: t('browse.length'),
      value: maxMinutes === null ? null : lengthLabel(maxMinutes),
      columns: 1,
      choices: [
        { ...any, set: { maxMinutes: null }, isCurrent: maxMinutes === null },
        ...lengths.map(each => ({
          value: String(each),
          label: lengthLabel(each),
          set: { maxMinutes: each },
          isCurrent: maxMinutes === each,
        })),
      ],
    },
    {
      name: sortName,
      heading: t('browse.sort'),
      value: t(`browse.sort.${sort}`),
      columns: 1,
      choices: sorts.map(each => ({
        value: each,
        label: t(`browse.sort.${each}`),
        set: { sort: each },
        isCurrent: sort === each,
      })),
    },
  ];
  return filters.kind === 'show' ? all.filter(({ name }) => name !== 'filter-length') : all;
}

function yearsLabel({ from, to }: Years): string {
  if (from === null) return t('browse.yearsBefore', { year: (to ?? 0) + 1 });
  return from === to ? String(from) : t('browse.decade', { year: from });
}

function lengthLabel(minutes: number): string {
  return t('browse.lengthTo', { time: formatRuntime(minutes * 60_000) });
}

interface ChipProps {
  name: string;
  label: string;
  /** Read out instead of a label that only makes sense among its neighbours. */
  description?: string;
  isOn: boolean;
  isToggle?: boolean;
  isOrder?: boolean;
  onClick: () => void;
}

function Chip(chip: ChipProps) {
  const { name, label, description, isOn, isToggle = false, isOrder = false, onClick } = chip;
  const { ref, props } = useFocusTarget<HTMLButtonElement>({ name, scrolls: false });
  return (
    <button
      ref={ref}
      {...props}
      type="button"
      className={isOn ? `${css.chip} ${css.on}` : css.chip}
      aria-label={description}
      aria-haspopup={isToggle ? undefined : 'dialog'}
      aria-pressed={isToggle ? isOn : undefined}
      onClick={onClick}
    >
      {isToggle && isOn && <Check aria-hidden className={css.check} />}
      {isOrder && <ArrowDownWideNarrow aria-hidden className={css.check} />}
      <span>{label}</span>
      {!isToggle && !isOrder && <ChevronDown aria-hidden className={css.arrow} />}
    </button>
  );
}
