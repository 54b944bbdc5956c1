import { Bone } from '../../components/Skeleton';
import css from './RailSkeleton.module.css';

/** The rail's shapes, in their places. */
export function RailSkeleton() {
  return (
    <div className={css.bones}>
      {['a', 'b', 'c', 'd', 'e'].map(key => (
        <div key={key} className={css.bone}>
          <Bone width="25rem" height="14.0625rem" style={{ marginBottom: '1rem' }} />
          <Bone width="18rem" height="1.5rem" style={{ marginBottom: '0.75rem' }} />
          <Bone width="8rem" height="1.25rem" style={{ marginBottom: 0 }} />
        </div>
      ))}
    </div>
  );
}
