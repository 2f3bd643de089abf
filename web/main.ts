import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import App from './app/App.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no element with the id "app": add one');
mount(App, { target });
