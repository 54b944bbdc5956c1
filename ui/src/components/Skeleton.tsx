import { type CSSProperties, useEffect, useState } from 'react';
import css from './Skeleton.module.css';

const waitMs = 150;

/** True once something has taken long enough to deserve a placeholder; quick answers show none. */
export function useIsSlow(): boolean {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setSlow(true), waitMs);
    return () => window.clearTimeout(timer);
  }, []);
  return isSlow;
}

interface BoneProps {
  width: string;
  height: string;
  style?: CSSProperties;
}

/** A flat shape standing where content will be. */
export function Bone({ width, height, style }: BoneProps) {
  return <div className={css.bone} style={{ width, height, ...style }} />;
}
