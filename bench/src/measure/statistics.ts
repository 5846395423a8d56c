import { median, quantile } from "simple-statistics";

/** The median; 0 of nothing. */
export const medianOf = (values: readonly number[]): number => (values.length === 0 ? 0 : median([...values]));

/** @param share such as 0.99; 0 of nothing */
export const quantileOf = (values: readonly number[], share: number): number =>
  values.length === 0 ? 0 : quantile([...values], share);
