use graven::model;

model! { pub Net(image: 8x8x3) < Conv2d(6, 3x3, dilation_rate = 4) > }

fn main() {}
