import type { Component } from 'svelte';
import { m } from '../i18n/generated/messages.js';
import CharactersLesson from './characters/CharactersLesson.svelte';
import CnnLesson from './cnn/CnnLesson.svelte';
import RowsLesson from './rows/RowsLesson.svelte';
import WaveLesson from './wave/WaveLesson.svelte';

/** Adding a lesson: a name here, an entry below, a folder of that name. The compiler asks for both. */
export const lessonNames = ['cnn', 'wave', 'rows', 'characters'] as const;
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
  characters: { title: m.lesson_characters, component: CharactersLesson },
};
