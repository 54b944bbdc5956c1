import {
  Gauge,
  House,
  LayoutGrid,
  ListVideo,
  type LucideIcon,
  Magnet,
  Search,
  Settings,
} from 'lucide-react';
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
import { preloadSection } from './screens';

interface Section {
  path: string;
  label: MessageKey;
  icon: LucideIcon;
  /** Rarely needed: a phone keeps it behind Settings, a narrow window shows its icon alone. */
  isMinor?: boolean;
}

const sections: Section[] = [
  { path: paths.home, label: 'nav.home', icon: House },
  { path: paths.search, label: 'nav.search', icon: Search },
  { path: paths.browse, label: 'nav.browse', icon: LayoutGrid },
  { path: paths.list('my-list'), label: 'nav.myList', icon: ListVideo },
  { path: paths.openTorrent, label: 'nav.openTorrent', icon: Magnet, isMinor: true },
  { path: paths.settings, label: 'nav.settings', icon: Settings },
];
const adminSection: Section = { path: paths.admin, label: 'nav.admin', icon: Gauge, isMinor: true };

/** A rail on the television, a bar on top of a desktop, a bar under the thumb on a phone. */
export function Navigation({ user }: { user: User }) {
  const [path] = useLocation();
  const isPhone = useLayout() === 'phone';
  const all = user.role === 'admin' ? [...sections, adminSection] : sections;
  const shown = isPhone ? all.filter(section => !section.isMinor) : all;
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
  const { icon: Icon, label, isMinor, path } = section;
  const { ref, props } = useFocusTarget<HTMLButtonElement>({
    name: `nav-${path}`,
    scrolls: false,
    onFocus: () => preloadSection(path),
  });
  return (
    <li>
      <button
        ref={ref}
        {...props}
        type="button"
        className={isMinor ? `${css.entry} ${css.minor}` : css.entry}
        aria-current={isCurrent ? 'page' : undefined}
        onClick={() => goToSection(path)}
      >
        <Icon aria-hidden className={css.icon} />
        <span className={css.label}>{t(label)}</span>
      </button>
    </li>
  );
}
