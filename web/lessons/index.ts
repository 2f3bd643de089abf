import type { Component } from 'svelte';
import { m } from '../i18n/generated/messages.js';
import CharactersLesson from './characters/CharactersLesson.svelte';
import CnnLesson from './cnn/CnnLesson.svelte';
import GanLesson from './gan/GanLesson.svelte';
import PointsLesson from './points/PointsLesson.svelte';
import RowsLesson from './rows/RowsLesson.svelte';
import WaveLesson from './wave/WaveLesson.svelte';

/** Adding a lesson: a name here, an entry below, a folder of that name. The compiler asks for both. */
export const lessonNames = ['cnn', 'wave', 'rows', 'characters', 'points', 'gan'] as const;
export type LessonName = (typeof lessonNames)[number];

export interface Lesson {
  /** short, for the header */
  title: () => string;
  component: Component;
}

export const lessons: Record<LessonName, Lesson> = {
  cnn: { title: m.lesson_cnn, component: CnnLesson },
  wave: { title: m.lesson_wave, component: WaveLesson },
  rows: { title: m.lesson_rows, component: RowsLesson },
  points: { title: m.lesson_points, component: PointsLesson },
  gan: { title: m.lesson_gan, component: GanLesson },
  characters: { title: m.lesson_characters, component: CharactersLesson },
};
