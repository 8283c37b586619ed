type SelectBoxProps = { checked: boolean; label: string; onToggle: () => void };

/** Quiet until its row is pointed at, reached or chosen; always there where nothing can hover. */
export const SelectBox = ({ checked, label, onToggle }: SelectBoxProps) => (
  <label className="grid size-6 place-items-center">
    <input
      type="checkbox"
      checked={checked}
      onChange={onToggle}
      aria-label={label}
      className="size-3.5 accent-iris opacity-35 checked:opacity-100 focus-visible:opacity-100 [tr:hover_&]:opacity-100 pointer-coarse:opacity-100"
    />
  </label>
);
