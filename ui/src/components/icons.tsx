import { Pause, Play } from 'lucide-react';

/** Icons the set lacks, or has only in outline. */
interface IconProps {
  className?: string;
}

export function PlayIcon({ className }: IconProps) {
  return <Play aria-hidden className={className} fill="currentColor" />;
}

export function PauseIcon({ className }: IconProps) {
  return <Pause aria-hidden className={className} fill="currentColor" strokeWidth={1} />;
}

export function Back10Icon({ className }: IconProps) {
  return (
    <svg className={className} viewBox="0 0 24 24" aria-hidden>
      <Turn />
      <Ten />
    </svg>
  );
}

export function Forward10Icon({ className }: IconProps) {
  return (
    <svg className={className} viewBox="0 0 24 24" aria-hidden>
      <g transform="matrix(-1 0 0 1 24 0)">
        <Turn />
      </g>
      <Ten />
    </svg>
  );
}

function Turn() {
  return (
    <path
      d="M4 12a8.5 8.5 0 1 0 3-6.2L3.5 8.5M3.5 3.5v5h5"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  );
}

function Ten() {
  return (
    <text x="12.5" y="15.2" fontSize="7.5" fontWeight="800" textAnchor="middle" fill="currentColor">
      10
    </text>
  );
}
