import type { Component } from 'svelte';
import { m } from '../i18n/generated/messages.js';
import CnnLesson from './cnn/CnnLesson.svelte';
import RowsLesson from './rows/RowsLesson.svelte';

/** Adding a lesson: a name here, an entry below, a folder of that name. The compiler asks for both. */
export const lessonNames = ['cnn', 'rows'] as const;
export type LessonName = (typeof lessonNames)[number];

export interface Lesson {
  /** short, for the header */
  title: () => string;
  component: Component;
}

export const lessons: Record<LessonName, Lesson> = {
  cnn: { title: m.lesson_cnn, component: CnnLesson },
  rows: { title: m.lesson_rows, component: RowsLesson },
};
