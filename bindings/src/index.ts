/** Kernelgarten: train small neural networks in a browser tab or in Node. */
export { loadEngine } from './engine.js';
export type { Engine, EngineOptions, GaussianMixtureOptions, NoisyWaveOptions } from './engine.js';
export { engineVariants } from './variant.js';
export type { EngineInfo, EngineReason, EngineVariant } from './variant.js';
export type { Dataset, DatasetSplits } from './dataset.js';
export type { Classifier } from './classifier.js';
export type { LanguageModel, SamplingOptions } from './language_model.js';
export type { Forecaster } from './forecaster.js';
export type { Gan, Labels } from './gan.js';
export type { Judge, JudgeSource } from './judge.js';
export type { Text } from './text.js';
export { createTrainer } from './trainer.js';
export type { Trainer } from './trainer.js';
export { createTextTrainer } from './text_trainer.js';
export type {
  InspectTextOptions,
  LoadTextOptions,
  TextTrainer,
  WriteOptions,
} from './text_trainer.js';
export { createForecastTrainer } from './forecast_trainer.js';
export type { ForecastTrainer, LoadSeriesOptions } from './forecast_trainer.js';
export { createGanTrainer } from './gan_trainer.js';
export type { GanSpecs, GanTrainer, LoadJudgedDataOptions } from './gan_trainer.js';
export { scorePoints } from './point_scores.js';
export type { PointScores } from './point_scores.js';
export type { NetworkTrainer } from './network_trainer.js';
export type { RunControl, TrainerOptions } from './run_control.js';
export type { DataFile, DataSource, LoadDataOptions, LoadProgress } from './data_source.js';
export { KernelgartenError } from './errors.js';
export type { ErrorCode } from './errors.js';
export { ganPresets, pointClouds, pointGanPreset } from './gan_presets.js';
export type { GanPreset, GanPresetName, PointCloudName } from './gan_presets.js';
export { characterPreset, forecastPreset, presets } from './presets.js';
export type { CellType, Preset, PresetName } from './presets.js';
export type * from './spec.js';
export type * from './types.js';
