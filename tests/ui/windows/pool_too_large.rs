use graven::model;

model! { pub Net(image: 5x5x1) < Conv2d(4, 5x5, relu), MaxPool2d(2x2), Flatten, Dense(10) > }

fn main() {}
