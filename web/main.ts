import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import App from './app/App.svelte';
import { isolate } from './app/isolation.ts';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no element with the id "app": add one');
if (import.meta.env.PROD) await isolate();
mount(App, { target });
