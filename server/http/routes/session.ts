import { api } from "../../../lib/contract/api";
import { getSession } from "../../services/session/get";
import { signIn } from "../../services/session/sign-in";
import { signOut } from "../../services/session/sign-out";
import { route } from "../router";

export const sessionRoutes = [route(api.getSession, getSession), route(api.signIn, signIn), route(api.signOut, signOut)];
