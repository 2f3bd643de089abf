/** A short text of our own. Simple words that come back: there is little of it to learn them from. */
export const english = `The garden at the end of the road

There was a garden at the end of the road, and in the garden there was a tree, and under the tree there was a box. Nobody knew who had put the box there. The old woman next door said it had always been there. The boy who brought the milk said it had come with the rain.

One morning a girl came down the road with a book under her arm. She sat down under the tree and read. When the sun was high she closed the book and looked at the box. The box was small and grey, and on the lid there was a button, and on the button there was a word. The word was: press.

So she pressed the button. The box said: good morning. The girl said: good morning, box. The box said: what is a morning? The girl thought about it. A morning, she said, is what comes after the night. The box was quiet for a while. Then it said: what is a night?

A night, said the girl, is what comes after the evening. And the evening is what comes after the day. And the day is what comes after the morning. I see, said the box. One thing comes after the other thing. I can learn that.

The next day it rained. The girl came down the road with a book under one arm and an umbrella under the other. Good morning, box, she said. Good morning, girl, said the box. What comes after the rain? The girl looked at the sky. The sun comes after the rain, she said, most of the time. And what comes the other times? More rain, said the girl.

I see, said the box. Most of the time one thing comes, and the other times another thing comes. I can learn that too. It only takes longer.

The third day the wind was strong. The leaves came down from the tree and covered the road, and the girl had to hold the book with both hands. Read to me, said the box. So the girl read to the box. She read about a king who had three sons, and about a river that ran into the sea, and about a bird that sang in the night. When she stopped, the box said: the king had three sons, and the river ran into the sea, and the bird sang in the night. You remember it well, said the girl. I do not remember it, said the box. I only know what comes next.

The girl laughed. Is that not the same thing? The box thought about it for a long time, and the wind blew, and the leaves came down. I do not know, it said. When you read the word king, I feel that there will be a queen or a son or a crown. When you read the word river, I feel that there will be water. It is like a light that goes on. After a while the light goes out again, and then I have forgotten the king.

That is what it is like for me, said the girl. The light goes on and the light goes out. But some lights stay on for a long time.

How do you keep a light on? asked the box. You have to want it, said the girl. You have to look at it and say: this one stays. And then you have to look at another one and say: this one can go. I see, said the box. One door that lets things in, and one door that lets things go, and one door that lets things out. Three doors. I can learn that.

So the days went by. In the morning the girl came down the road and read to the box, and in the evening she went up the road again. The old woman next door came to listen, and she brought bread and apples. The boy who brought the milk came to listen, and he brought the milk. The box listened to all of them. At first it said only single words. Then it said words that came one after the other. Then it said things that nobody had read to it.

Once upon a time, said the box, there was a garden at the end of the road, and in the garden there was a tree, and under the tree there was a girl. Nobody knew who had put the girl there. The old box next door said she had always been there. The boy who brought the rain said she had come with the milk.

That is not quite how it was, said the girl. No, said the box. But it is how it could have been. And the girl thought about it, and the sun went down, and the light in the window of the old woman went on. Good night, box, she said. Good night, girl, said the box. I know what comes after the night.

The house on the hill

There was a house on the hill, and in the house there was a room, and in the room there was a clock. The clock said tick, and then it said tock, and then it said tick again. Everybody in the village knew what the clock would say next. After tick comes tock, said the baker. After tock comes tick, said the smith. It is the easiest thing in the world.

But one day the clock said tick, and then it said tick. The baker stopped in the middle of the road. The smith put down the hammer. That is not what comes next, said the baker. No, said the smith, that is not what comes next. And they looked up at the house on the hill.

The girl with the book went up to the house. In the room she found the clock, and next to the clock she found a cat. Good morning, cat, she said. Good morning, girl, said the cat. The clock said tick and then it said tick, said the girl. I know, said the cat. I was asleep in the clock. When I turned around, the tock could not come out.

So that is the reason, said the girl. There is always a reason, said the cat, but most of the time nobody sees it. The people in the village only hear the clock. They do not see the cat.

The girl went down the hill and told the people in the village. It was the cat, she said. The cat was asleep in the clock. What cat? said the baker. We have never heard of a cat, said the smith. We only know that after tick comes tock.

Then the old woman said: from now on we will listen for the cat as well. If the clock says tick and then tick, there is a cat in the clock. And if the clock says tick and then tock, there is no cat in the clock. It takes a little longer to learn, but then we know more.

The boy who brought the milk thought about it. What if there are two cats? he said. Then we will learn that too, said the old woman. And what if there is no clock? Then there is nothing to learn, said the old woman, and we can go home and eat.

So they went home and ate. They had bread and apples and milk, and the sun went down behind the hill, and the clock in the house said tick, and then it said tock, and then it said tick again. The cat sat in the window and listened. It knew what the clock would say next. But it did not tell anybody.

In the morning the girl came down the road with the book under her arm. She sat down under the tree and read to the box about the house on the hill. Once upon a time, she read, there was a clock, and in the clock there was a cat. What comes after the cat? asked the box. The girl closed the book. I do not know yet, she said. Let us read on.
`;
