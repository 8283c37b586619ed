export const BrandMark = ({ size = 22 }: { size?: number }) => (
  <svg aria-hidden width={size} height={size} viewBox="0 0 24 24" className="shrink-0">
    <rect width="24" height="24" rx="6" fill="var(--iris)" />
    <path d="M5 8c3 0 3 8 6.5 8S16 12 19 12" stroke="var(--on-iris)" strokeWidth="2" fill="none" strokeLinecap="round" />
  </svg>
);
