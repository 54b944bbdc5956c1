import { Gauge, House, type LucideIcon, Magnet, Settings } from 'lucide-react';
import { useLocation } from 'wouter';
import type { User } from '../api/types';
import { Wordmark } from '../components/Wordmark';
import { type MessageKey, t } from '../i18n/t';
import { FocusGroup } from '../input/FocusGroup';
import { useFocusTarget } from '../input/useFocusTarget';
import { useLayout } from '../layout/layout';
import { goToSection } from './history';
import css from './Navigation.module.css';
import { paths } from './paths';

interface Section {
  path: string;
  label: MessageKey;
  /** Fits under an icon of a phone's bar. */
  shortLabel?: MessageKey;
  icon: LucideIcon;
}

const sections: Section[] = [
  { path: paths.home, label: 'nav.home', icon: House },
  {
    path: paths.openTorrent,
    label: 'nav.openTorrent',
    shortLabel: 'nav.openShort',
    icon: Magnet,
  },
  { path: paths.settings, label: 'nav.settings', icon: Settings },
];
const adminSection: Section = { path: paths.admin, label: 'nav.admin', icon: Gauge };

/** A rail on the television, a bar on top of a desktop, a bar under the thumb on a phone. */
export function Navigation({ user }: { user: User }) {
  const [path] = useLocation();
  const shown = user.role === 'admin' ? [...sections, adminSection] : sections;
  const isCurrent = (section: Section) =>
    section.path === paths.home ? path === paths.home : path.startsWith(section.path);
  const current = shown.find(isCurrent) ?? shown[0];

  return (
    <FocusGroup
      name="nav"
      as="nav"
      preferred={current && `nav-${current.path}`}
      remembersLast={false}
      className={css.nav}
      label={t('nav.label')}
    >
      <div className={css.panel} />
      <div className={css.brand}>
        <Wordmark size="2.25rem" />
      </div>
      <ul className={css.list}>
        {shown.map(section => (
          <NavigationEntry key={section.path} section={section} isCurrent={isCurrent(section)} />
        ))}
      </ul>
      <p className={css.user}>{user.username}</p>
    </FocusGroup>
  );
}

function NavigationEntry({ section, isCurrent }: { section: Section; isCurrent: boolean }) {
  const { icon: Icon, label, shortLabel, path } = section;
  const isPhone = useLayout() === 'phone';
  const { ref, props } = useFocusTarget<HTMLButtonElement>({ name: `nav-${path}`, scrolls: false });
  return (
    <li>
      <button
        ref={ref}
        {...props}
        type="button"
        className={css.entry}
        aria-current={isCurrent ? 'page' : undefined}
        onClick={() => goToSection(path)}
      >
        <Icon aria-hidden className={css.icon} />
        <span className={css.label}>{t((isPhone && shortLabel) || label)}</span>
      </button>
    </li>
  );
}
